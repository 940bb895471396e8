package io.meshwork.interchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names of entities in Backstage. */
class EntityNamesTest {
  @Test
  void differentContactsHaveDifferentNames() {
    assertThat(EntityNames.ofContact("orders@example.org")).isEqualTo("orders.at.example.org");
    assertThat(EntityNames.ofContact("orders.at.example.org"))
        .matches("orders-at-example-org-[0-9a-f]{8}")
        .isNotEqualTo(EntityNames.ofContact("orders@example.org"));
    assertThat(EntityNames.ofContact("a.at.b@c")).isNotEqualTo(EntityNames.ofContact("a@b.at.c"));
  }

  @Test
  void contactsThatDifferInCaseHaveNamesThatBackstageDistinguishes() {
    assertThat(EntityNames.ofContact("Orders@example.org"))
        .isNotEqualToIgnoringCase(EntityNames.ofContact("orders@example.org"))
        .isNotEqualToIgnoringCase(EntityNames.ofContact("ORDERS@example.org"));
    assertThat(EntityNames.ofContact("OrdersTeam"))
        .isNotEqualToIgnoringCase(EntityNames.ofContact("ordersteam"));
  }
}
