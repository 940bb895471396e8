/**
 * A mesh as a site that people read: one page for each domain and product, lineage, usage,
 * requests, rollouts.
 *
 * <p>Start at {@link io.meshwork.portal.Portal}. A page is a record, created from what the client's
 * principal may know, and a template that escapes by context. Pages refer to nothing outside the
 * site. Imports the public API of mesh-core.
 *
 * <p>Of the internal packages, {@code site} creates the pages by asking the mesh, {@code page} has
 * what they show with their templates, {@code plot} their plots, and {@code text} their words;
 * {@code served} answers browsers. Each imports only those after it here, and {@code served} all.
 */
@NullMarked
package io.meshwork.portal;

import org.jspecify.annotations.NullMarked;
