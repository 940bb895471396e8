package io.meshwork.internal.publish.run;

import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.replacement.BaseSnapshot;
import java.util.Map;
import java.util.Optional;

/**
 * The request by which rows were staged, which their promotion repeats.
 *
 * @param intent what it does
 * @param fingerprint distinguishes it from another under the same key
 * @param bases the state of each major version at that time
 * @param rowsDigest the digest of the rows; empty if it was not computed
 */
public record StagedRequest(
    PublishIntent intent,
    String fingerprint,
    Map<Integer, BaseSnapshot> bases,
    Optional<String> rowsDigest) {}
