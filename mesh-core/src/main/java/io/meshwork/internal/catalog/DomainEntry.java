package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.Domain;
import java.util.ArrayList;
import java.util.List;

/**
 * A domain as it stands in the registry.
 *
 * @param domain its value
 * @param stored its document, for checks and for read-modify-write
 */
public record DomainEntry(Domain domain, Stored stored) {
  static DomainEntry of(Stored stored) {
    ObjectNode json = stored.json();
    List<String> accounts = new ArrayList<>();
    for (JsonNode account : json.path("accounts")) {
      accounts.add(account.asText());
    }
    return new DomainEntry(
        new Domain(
            json.path("name").asText(),
            json.path("description").asText(),
            json.path("owner").asText(),
            json.path("steward").asText(),
            accounts),
        stored);
  }

  /** Writes a domain's fields into its document; other fields stay. */
  public static void write(Domain domain, ObjectNode json) {
    json.put("format", 1);
    json.put("name", domain.name());
    json.put("description", domain.description());
    json.put("owner", domain.owner());
    json.put("steward", domain.steward());
    ArrayNode accounts = json.putArray("accounts");
    domain.accounts().forEach(accounts::add);
  }
}
