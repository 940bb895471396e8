/** Stacks of CloudFormation: what their templates make, with the rights of who deploys them. */
@NullMarked
package io.meshwork.testkit.aws.internal.stack;

import org.jspecify.annotations.NullMarked;
