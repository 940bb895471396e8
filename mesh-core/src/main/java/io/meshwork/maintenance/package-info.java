/**
 * Looking after a mesh: what is wrong, and what it means.
 *
 * <p>Start at {@link io.meshwork.maintenance.Doctor}. Invariant: looking changes nothing. Imports
 * the internal rooms; no verb.
 */
@NullMarked
package io.meshwork.maintenance;

import org.jspecify.annotations.NullMarked;
