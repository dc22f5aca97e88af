// Topics of rows, their names and their map.
export { findTopics, neighbourCount, type Topic, type TopicOptions, type Topics } from "./find-topics.js";
export { kMeans } from "./k-means.js";
export { placeRows } from "./place-rows.js";
export { type MapColumn, type MapDetail, type MapPage, mapMark, renderMap } from "./render-map.js";
export { type TopicShares, topicShares } from "./topic-shares.js";
