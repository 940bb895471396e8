/**
 * Shows a mesh to other tools, through its public API and with the rights of one principal: {@link
 * io.meshwork.interchange.OpenLineageExport} emits publishes as runs, {@link
 * io.meshwork.interchange.PrometheusExport} states and sizes as metrics, {@link
 * io.meshwork.interchange.OdpsExport} a product as a document of the Open Data Product Standard,
 * and {@link io.meshwork.interchange.BackstageExport} the mesh as entities of Backstage's catalog.
 *
 * <p>Invariant: nothing here changes a mesh, and no text contains what its caller may not know.
 */
@NullMarked
package io.meshwork.interchange;

import org.jspecify.annotations.NullMarked;
