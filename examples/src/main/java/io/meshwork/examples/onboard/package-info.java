/**
 * Files of another program become a product where they are: a plan proposes the contract, a file
 * that would be read wrong is refused, and later files are added. Run it with {@code
 * scripts/example onboard}.
 *
 * <p>Start at {@link io.meshwork.examples.onboard.OnboardStory}.
 */
@NullMarked
package io.meshwork.examples.onboard;

import org.jspecify.annotations.NullMarked;
