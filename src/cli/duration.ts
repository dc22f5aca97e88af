// Spans of time, as people say them.

const [minute, hour, day] = [60, 3600, 86_400];

/**
 * @param decimals of seconds below a minute
 * @example
 * duration(9_862); // "2 h 44 min"
 */
export function duration(seconds: number, decimals = 1): string {
  const short = seconds.toFixed(decimals);
  if (Number(short) < minute) return `${short} s`;
  const whole = Math.round(seconds);
  if (whole < hour) return `${Math.floor(whole / minute)} min ${whole % minute} s`;
  const minutes = Math.round(seconds / minute);
  if (minutes * minute < day) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const hours = Math.round(seconds / hour);
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? "day" : "days"} ${hours % 24} h`;
}
