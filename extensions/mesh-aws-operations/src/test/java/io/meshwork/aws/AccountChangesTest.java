package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.MirrorTrigger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The rule of each account sends the events that start mirrors, and those of rollouts. */
class AccountChangesTest {
  private static final String ACCOUNT = "111111111111";

  private static List<JsonNode> pattern() {
    AwsConfig config = AwsConfig.inRegion("eu-central-1").mesh(ACCOUNT, "sales");
    JsonNode rule =
        new AccountChanges(config, ACCOUNT)
            .resources().stream()
                .map(AccountResource::json)
                .filter(json -> json.path("Type").asText().equals("AWS::Events::Rule"))
                .findFirst()
                .orElseThrow();
    return StreamSupport.stream(
            rule.at("/Properties/EventPattern/detail-type").spliterator(), false)
        .toList();
  }

  private static boolean accepts(List<JsonNode> pattern, String type) {
    return pattern.stream()
        .anyMatch(
            each ->
                each.isTextual()
                    ? type.equals(each.asText())
                    : type.startsWith(each.path("prefix").asText()));
  }

  @Test
  void eachTypeOfEventThatStartsMirrorsIsSentAndNoOtherOneIs() {
    List<JsonNode> pattern = pattern();
    List<String> wrong = new ArrayList<>();
    for (MeshEvent.Type type : MeshEvent.Type.values()) {
      boolean starts =
          type != MeshEvent.Type.UNKNOWN && MirrorTrigger.of(type) != MirrorTrigger.NOTHING;
      boolean isOfRollout = type.text().startsWith("rollout.");
      if (accepts(pattern, type.text()) != (starts || isOfRollout)) {
        wrong.add(type.text());
      }
    }

    assertThat(wrong).isEmpty();
    assertThat(pattern.toString().length()).as("EventBridge accepts 2,048").isLessThan(1_500);
  }
}
