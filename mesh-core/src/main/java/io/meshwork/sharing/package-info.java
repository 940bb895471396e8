/**
 * Sharing: tags, grants, and taking them back; links; who may read what, and why.
 *
 * <p>Start at {@link io.meshwork.sharing.GrantByName}. Invariants: only those who act for the
 * owning domain grant, and others for it what it authorized; who was given the grant option hands
 * on within its own account; each change of rights is one transaction that rewrites the {@code
 * policy} of the domain that writes it and is logged without any value of a row; whatever changes
 * rights can be looked at with {@code plan()}; a link is a name in the consumer's own catalog and
 * changes no right. Imports the internal rooms and {@code access}; no verb.
 */
@NullMarked
package io.meshwork.sharing;

import org.jspecify.annotations.NullMarked;
