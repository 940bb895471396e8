package io.meshwork.portal.internal.served;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestGuardTest {
  @Test
  void onlyTheUsualPortMayBeLeftOut() {
    assertThat(RequestGuard.hosts(80)).contains("localhost", "127.0.0.1", "127.0.0.1:80");
    assertThat(RequestGuard.hosts(8080))
        .containsExactlyInAnyOrder("localhost:8080", "127.0.0.1:8080");
  }
}
