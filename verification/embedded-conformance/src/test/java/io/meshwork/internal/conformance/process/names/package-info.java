/**
 * A default file system for child processes: over a folder of Linux, with the names of Windows, or
 * with those of macOS, where cases fold. Arrows: none.
 */
@NullMarked
package io.meshwork.internal.conformance.process.names;

import org.jspecify.annotations.NullMarked;
