// ONNX Runtime 1.30 reports to Microsoft unless this is set before its library is loaded. It reads the process's own
// environment, which only the main thread can change: so the module stands before every import that may load it there.
process.env.ORT_DISABLE_TELEMETRY = "1";
