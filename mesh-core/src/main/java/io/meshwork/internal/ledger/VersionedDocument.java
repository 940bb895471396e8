package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.registry.Registry.Key;

/**
 * A document with its version, as it was read. The caller may change the node and pass it to {@link
 * CommitDraft#replace}, which keeps unknown fields.
 *
 * @param key its key
 * @param json its content
 * @param version the ID of the attempt that wrote it
 */
public record VersionedDocument(Key key, ObjectNode json, String version) {}
