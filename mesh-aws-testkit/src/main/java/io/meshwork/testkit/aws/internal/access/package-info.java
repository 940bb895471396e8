/**
 * What the services of the emulator share: requests and their replies, identities, and policies of
 * IAM.
 */
@NullMarked
package io.meshwork.testkit.aws.internal.access;

import org.jspecify.annotations.NullMarked;
