/** The engine of mirrors, over a service in memory. */
@NullMarked
package io.meshwork.internal.conformance.mirror;

import org.jspecify.annotations.NullMarked;
