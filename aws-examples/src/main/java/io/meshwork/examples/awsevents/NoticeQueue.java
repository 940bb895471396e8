package io.meshwork.examples.awsevents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The consumer's side: a program that reads the queue of its account. */
final class NoticeQueue {
  private static final ObjectMapper JSON = new ObjectMapper();

  private NoticeQueue() {}

  // tag::receive[]
  /** Processes each notice that waits in the queue, once. */
  static void receive(SqsClient sqs, String queue, Set<String> processed, Consumer<JsonNode> work)
      throws IOException {
    String url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
    List<Message> some;
    do {
      some = sqs.receiveMessage(get -> get.queueUrl(url).maxNumberOfMessages(10)).messages();
      for (Message message : some) {
        JsonNode notice = JSON.readTree(message.body()).path("detail");
        if (!processed.contains(notice.path("id").asText())) {
          work.accept(notice);
          processed.add(notice.path("id").asText()); // where it survives, such as in a table
        }
        sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
      }
    } while (!some.isEmpty());
  }
  // end::receive[]
}
