/**
 * What every story shares: steps that are printed only after they were checked, and the result.
 *
 * <p>Start at {@link io.meshwork.examples.story.StoryReport}.
 */
@NullMarked
package io.meshwork.examples.story;

import org.jspecify.annotations.NullMarked;
