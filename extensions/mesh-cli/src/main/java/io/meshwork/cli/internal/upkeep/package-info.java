/**
 * Verbs that open, check, maintain, back up, and show a whole mesh.
 *
 * <p>Start at {@link io.meshwork.cli.internal.upkeep.MaintainVerb}. Imports {@code verb} and what
 * that imports.
 */
@NullMarked
package io.meshwork.cli.internal.upkeep;

import org.jspecify.annotations.NullMarked;
