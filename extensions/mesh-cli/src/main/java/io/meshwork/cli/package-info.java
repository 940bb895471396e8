/**
 * A command line over a local mesh, and the exit codes that it shares with other jobs.
 *
 * <p>Start at {@link io.meshwork.cli.MeshCommand}. Invariant: standard output contains results
 * only. Imports {@code internal.shell}, and of mesh-core the public API only.
 */
@NullMarked
package io.meshwork.cli;

import org.jspecify.annotations.NullMarked;
