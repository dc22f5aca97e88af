// Conversations as texts.
export { type ChatMessage, type ChatTemplate, renderChat } from "./render-chat.js";
