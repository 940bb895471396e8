package io.meshwork.internal.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.change.SecondApproval.Proposal;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SecondApprovalTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static Proposal proposal(String role, String next, Instant at) {
    return new Proposal(Principal.of("commerce", role), "contract@1@f", next, at);
  }

  @Test
  void aProposalIsReadAsItWasWritten() {
    Proposal proposal = proposal("lead", "abc", NOON);

    ObjectNode json = DocumentCodec.of(Proposal.class).write(proposal, Optional.empty());

    assertThat(json)
        .hasToString(
            "{\"format\":1,\"by\":\"commerce/lead\",\"contract\":\"contract@1@f\","
                + "\"next\":\"abc\",\"at\":\"2026-11-20T12:00:00Z\"}");
    assertThat(DocumentCodec.of(Proposal.class).read(json)).isEqualTo(proposal);
  }

  @Test
  void aProposalIsTheSameForThirtyDays() {
    Proposal first = proposal("lead", "abc", NOON);

    assertThat(first.isSame(proposal("owner", "abc", NOON.plus(Duration.ofDays(29))))).isTrue();
    assertThat(first.isSame(proposal("owner", "abc", NOON.plus(Duration.ofDays(30))))).isFalse();
    assertThat(first.isSame(proposal("owner", "def", NOON))).isFalse();
  }
}
