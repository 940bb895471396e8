package io.meshwork.internal.audit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.session.AccessCounter;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class AuditActionsTest {
  @Test
  void everyEventTypeAndEveryDenialIsAnAction() throws IllegalAccessException {
    for (Field constant : MeshEvent.class.getFields()) {
      String type = (String) constant.get(null);
      if (!type.equals(AccessCounter.EVENT)) {
        assertIsAction(type);
      }
      assertIsAction(type.substring(0, type.indexOf('.')));
    }
    for (Verb verb : Verb.values()) {
      assertIsAction(verb.code() + ".denied");
    }
    assertIsAction(AccessCounter.READ_SEEN);
    assertIsAction(AccessCounter.SAMPLE_SEEN);
  }

  private static void assertIsAction(String kind) {
    assertThatCode(() -> AuditActions.require(kind)).as(kind).doesNotThrowAnyException();
  }

  @Test
  void anUnknownActionIsRejectedWithTheNearest() {
    assertThatThrownBy(() -> AuditActions.require("grant.maid"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("'grant.maid'", "Did you mean 'grant.made'?");
  }
}
