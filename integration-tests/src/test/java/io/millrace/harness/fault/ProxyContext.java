// SPDX-License-Identifier: Apache-2.0
package io.millrace.harness.fault;

import io.millrace.harness.meter.OriginMeter;
import java.net.InetSocketAddress;

/**
 * What the connections of one proxy share.
 *
 * @param origin where requests go
 */
record ProxyContext(
    InetSocketAddress origin, Faults faults, OriginMeter meter, RequestClassifier classifier) {}
