/**
 * Implements diagnosis and repair.
 *
 * <p>Start at {@code MeshDoctor}. {@code DiagnosisOperations} creates it for {@code Mesh}.
 * Invariant: the doctor changes nothing and reports every problem, not only the first. Imports
 * {@code internal.leftovers}, whose decisions it reports, and {@code internal.maintenance}, whose
 * tasks a repair runs.
 */
@NullMarked
package io.meshwork.internal.diagnosis;

import org.jspecify.annotations.NullMarked;
