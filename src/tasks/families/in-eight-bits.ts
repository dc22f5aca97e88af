import { UserError } from "../../base/errors.js";

/** What there is to say of a model that is to be brought to 8 bits a second time. */
export const inEightBits = () =>
  new UserError("The model's weights are in 8 bits already. Specify the model that it was made from.");
