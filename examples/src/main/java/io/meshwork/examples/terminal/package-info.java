/** A story of two domains that runs as processes of the command {@code mesh} alone. */
@NullMarked
package io.meshwork.examples.terminal;

import org.jspecify.annotations.NullMarked;
