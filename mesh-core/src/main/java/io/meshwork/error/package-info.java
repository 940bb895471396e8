/**
 * The exceptions of Meshwork, which differ by what the caller does next, and findings.
 *
 * <p>Start at {@link io.meshwork.error.MeshException}. {@link io.meshwork.error.Failure} builds all
 * of them, and {@link io.meshwork.error.FindingCode} lists what findings are about. Invariant: a
 * message names the action, the reason, the state, and the fix; it never contains field values.
 * Imports {@code internal.open} only: an exception settles the operation that its thread described
 * last.
 */
@NullMarked
package io.meshwork.error;

import org.jspecify.annotations.NullMarked;
