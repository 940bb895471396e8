/**
 * A mesh over five AWS accounts on the emulator. Run it with {@code scripts/example aws-mesh}.
 *
 * <p>Start at {@link io.meshwork.examples.awsmesh.AwsMeshStory}.
 */
@NullMarked
package io.meshwork.examples.awsmesh;

import org.jspecify.annotations.NullMarked;
