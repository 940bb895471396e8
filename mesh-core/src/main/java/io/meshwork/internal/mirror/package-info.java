/**
 * Mirrors: services outside the mesh, such as AWS Glue, that show what the registry has.
 *
 * <p>Start at {@code CatalogMirrors}, which runs the mirrors of all catalogs, and at {@code
 * ObjectComparison}, which decides about one object. A backend implements {@link
 * io.meshwork.internal.mirror.Mirror} for each service, and {@link
 * io.meshwork.internal.mirror.MirrorBackend}. Invariants: the wanted state is always computed whole
 * from documents; what the mesh did not write is changed only by a run that takes it over; before a
 * call changes an object, the registry has what the object will be, so that an interrupted run is
 * completed by the next one. Knows no service. Imports {@code maintenance} and the internal
 * packages below.
 */
@NullMarked
package io.meshwork.internal.mirror;

import org.jspecify.annotations.NullMarked;
