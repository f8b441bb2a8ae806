package peers;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The records to count, as benchmarks/peers/apps/task.py has it; of one pass of two, the first warms up. */
record Task(String kafka, String group, List<String> topics, long records, String result, String folder, boolean warming) {
    static Task told(String argument) throws IOException {
        Map<String, String> found = new HashMap<>();
        List<String> topics = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(argument)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_ARRAY) {
                    found.put(name, parser.getText());
                    continue;
                }
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    topics.add(parser.getText());
                }
            }
        }
        return new Task(found.get("kafka"), found.get("group"), topics, Long.parseLong(found.get("records")),
            found.get("result"), found.get("folder"), false);
    }

    Task warmingUp() {
        return new Task(kafka, group + "-warm", topics, records, result, folder + "/warm", true);
    }
}
