/**
 * Sets up an account of a mesh by its templates, with change sets of AWS CloudFormation.
 *
 * <p>Start at {@link io.meshwork.aws.internal.onboarding.AccountOnboarding}. Invariant: only an
 * executed change set changes an account, and a run can stop after any request.
 */
@NullMarked
package io.meshwork.aws.internal.onboarding;

import org.jspecify.annotations.NullMarked;
