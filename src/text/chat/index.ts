// Conversations as texts.
export { type ChatMessage, type ChatTemplate, renderChat, renderChats } from "./render-chat.js";
