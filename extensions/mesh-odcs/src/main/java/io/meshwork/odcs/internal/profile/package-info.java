/**
 * What all rows of a file have in common, read once: kinds, ranges, patterns, and keys of values.
 */
@NullMarked
package io.meshwork.odcs.internal.profile;

import org.jspecify.annotations.NullMarked;
