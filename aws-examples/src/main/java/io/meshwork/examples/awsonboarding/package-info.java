/**
 * Accounts of a mesh on AWS that one program sets up. Run it with {@code scripts/example
 * aws-onboarding}.
 *
 * <p>Start at {@link io.meshwork.examples.awsonboarding.AwsOnboardingStory}.
 */
@NullMarked
package io.meshwork.examples.awsonboarding;

import org.jspecify.annotations.NullMarked;
