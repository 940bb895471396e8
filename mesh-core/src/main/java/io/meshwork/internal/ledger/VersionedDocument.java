package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.registry.Registry.Key;

/**
 * A document as it was read. The node is the reader's own: change it and hand it to {@link
 * CommitDraft#replace}, and fields that this version does not know survive.
 *
 * @param key where it lives
 * @param json its content
 * @param version the id of the attempt that wrote it
 */
public record VersionedDocument(Key key, ObjectNode json, String version) {}
