/**
 * Steps of a story, which are printed only after they were checked, and its result.
 *
 * <p>Start at {@link io.meshwork.examples.story.StoryReport}.
 */
@NullMarked
package io.meshwork.examples.story;

import org.jspecify.annotations.NullMarked;
