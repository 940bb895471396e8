package io.meshwork.walk;

import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.rollout.MajorRollout;

/** Changes of a rollout by the text that a program calls them with. */
final class RolloutChanges {
  private RolloutChanges() {}

  static PlannedOperation<Plan<MajorRollout>, MajorRollout> of(MajorRollout rollout, String call) {
    String name = call.substring(0, call.indexOf('('));
    String argument = call.substring(call.indexOf('(') + 1, call.indexOf(')'));
    String text =
        call.substring(call.lastIndexOf('(') + 1, call.lastIndexOf(')')).replace("\"", "");
    return switch (name) {
      case "announce" -> rollout.announce();
      case "activate" -> rollout.activate();
      case "activateWithout" ->
          rollout.activateWithout(Long.parseLong(argument.replace("L", ""))).because(text);
      case "close" -> rollout.close();
      case "retire" -> rollout.retire();
      case "makeCurrent" -> rollout.makeCurrent();
      case "restore" -> rollout.restore().because(text);
      case "abort" -> rollout.abort().because(text);
      case "purge" -> rollout.purge().because(text);
      default -> throw new IllegalArgumentException(call);
    };
  }
}
