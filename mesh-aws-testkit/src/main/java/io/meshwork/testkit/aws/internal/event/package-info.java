/** EventBridge and SQS: buses with policies and rules, and the queues that rules send to. */
@NullMarked
package io.meshwork.testkit.aws.internal.event;

import org.jspecify.annotations.NullMarked;
