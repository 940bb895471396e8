/** The processes and containers behind the emulator: moto and DynamoDB Local. */
@NullMarked
package io.meshwork.testkit.aws.internal.server;

import org.jspecify.annotations.NullMarked;
