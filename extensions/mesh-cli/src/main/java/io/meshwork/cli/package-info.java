/**
 * A command line over a local mesh, and the exit codes that it shares with other jobs.
 *
 * <p>Start at {@link io.meshwork.cli.MeshCommand}. Invariant: standard output contains results
 * only. Imports the public API of mesh-core only.
 */
@NullMarked
package io.meshwork.cli;

import org.jspecify.annotations.NullMarked;
