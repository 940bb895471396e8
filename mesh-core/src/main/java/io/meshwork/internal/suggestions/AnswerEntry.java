package io.meshwork.internal.suggestions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The owner's last answer to a suggestion, as the registry stores it. Immutable.
 *
 * @param suggestion the ID of the suggestion
 * @param accepted false if it was declined
 * @param by who answered
 * @param because the reason
 * @param rollout the number of the rollout that delivers it
 * @param version the version that has it, if consumers could read it when it was answered
 * @param at when it was answered
 */
record AnswerEntry(
    String suggestion,
    boolean accepted,
    Principal by,
    Optional<String> because,
    OptionalInt rollout,
    Optional<ContractVersion> version,
    Instant at) {
  private static final String ROLLOUT = "rollout";

  /** Reads its document. */
  static AnswerEntry of(VersionedDocument stored) {
    ObjectNode json = stored.json();
    return new AnswerEntry(
        json.path("suggestion").asText(),
        json.path("accepted").asBoolean(),
        SuggestionEntry.principal(json.path("by").asText()),
        StoredGrant.text(json, "because"),
        json.has(ROLLOUT) ? OptionalInt.of(json.path(ROLLOUT).asInt()) : OptionalInt.empty(),
        StoredGrant.text(json, "contractVersion").map(ContractVersion::parse),
        Instant.parse(json.path("at").asText()));
  }

  /** Returns its document. */
  ObjectNode json() {
    ObjectNode json =
        DocumentJson.create()
            .put("suggestion", suggestion)
            .put("accepted", accepted)
            .put("by", by.toString());
    because.ifPresent(text -> json.put("because", text));
    rollout.ifPresent(number -> json.put(ROLLOUT, number));
    version.ifPresent(value -> json.put("contractVersion", value.toString()));
    return json.put("at", at.toString());
  }

  /**
   * Returns true if both say the same, independent of principal and time. A rollout may have been
   * opened between both.
   */
  boolean hasSameTermsAs(AnswerEntry other) {
    return accepted == other.accepted
        && because.equals(other.because)
        && rollout.equals(other.rollout)
        && (rollout.isPresent() || version.equals(other.version));
  }
}
