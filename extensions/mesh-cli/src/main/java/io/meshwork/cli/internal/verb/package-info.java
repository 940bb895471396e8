/**
 * What all verbs share: the mesh, who acts, what is stored, and plans before a change.
 *
 * <p>Start at {@link io.meshwork.cli.internal.verb.MeshVerb}. Imports {@code cli}, {@code file},
 * and {@code shell}.
 */
@NullMarked
package io.meshwork.cli.internal.verb;

import org.jspecify.annotations.NullMarked;
