// SPDX-License-Identifier: Apache-2.0
package io.millrace.format.torch;

import io.millrace.format.pickle.PyKey;

/**
 * A named value such as a dtype, a device or a layout.
 *
 * @param text as Python shows it: {@code torch.float16}, {@code cuda:0}, {@code torch.strided}
 */
record TorchConstant(String text) implements PyKey {}
