/** The process that embeds a mesh: its loaders, clock, meters, and the machine it runs on. */
@NullMarked
package io.meshwork.internal.conformance.process;

import org.jspecify.annotations.NullMarked;
