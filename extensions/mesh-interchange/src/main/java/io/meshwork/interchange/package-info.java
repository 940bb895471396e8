/**
 * Shows a mesh to other tools, through its public API and with the rights of one principal: {@link
 * io.meshwork.interchange.OpenLineageExport} emits publishes as runs.
 *
 * <p>Invariant: nothing here changes a mesh, and no text contains what its caller may not know.
 */
@NullMarked
package io.meshwork.interchange;

import org.jspecify.annotations.NullMarked;
