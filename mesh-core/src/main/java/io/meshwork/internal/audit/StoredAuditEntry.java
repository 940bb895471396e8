package io.meshwork.internal.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.meshwork.governance.Audit;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The values of one audit entry. */
record StoredAuditEntry(
    String id,
    String log,
    long sequence,
    Instant at,
    String who,
    String action,
    String subject,
    Audit.Outcome outcome,
    @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> details,
    String hash)
    implements Audit.Entry {
  StoredAuditEntry {
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /** Returns the entry in one line. */
  @Override
  public String toString() {
    return at + " " + who + " " + action + " " + subject + " " + outcome + " (" + id + ")";
  }
}
