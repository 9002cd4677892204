using System.Text;
using System.Text.Json;
using HyperVDash.Agent.Collect.Guests;
using HyperVDash.Cim;
using HyperVDash.Fuzz.Seeds;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Json;

namespace HyperVDash.Fuzz.Targets;

/// <summary>An item that a guest pushed to its host: whoever is administrator in a VM writes it.</summary>
internal sealed class KeyValueTarget : FuzzTarget
{
    private const string Column = "GuestIntrinsicExchangeItems";

    public override string Name => "kvp";

    public override Grammar Grammar => Grammar.Xml;

    public override IReadOnlyList<string> Code => ["HyperVDash.Cim.EmbeddedInstance", "HyperVDash.Agent.Collect.Guests.KeyValueReader", "HyperVDash.Agent.Collect.Text"];

    public override async Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) =>
        (await LabAnswers.OfAsync(cancellationToken).ConfigureAwait(false)).KeyValues;

    public override string Read(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        var exchange = CimRow.Of("Msvm_KvpExchangeComponent", (Column, new List<object?> { text, text, null, "" }));
        var items = new KeyValueReader().Items(exchange, Column);
        var guest = KeyValueReader.WithFacts(new Guest(Guid.Empty), items);
        if (EmbeddedInstance.TryParse(text, out var row))
        {
            RowGetters.UseAll(row);
        }

        foreach (var item in items)
        {
            Expect(item.Name.Length is > 0 and <= 2048 && item.Value is null or { Length: <= 2048 }, "an item has a name, and a length that a page can show");
        }

        string json = JsonSerializer.Serialize(guest with { CustomItems = items }, AgentJson.Options);
        Expect(JsonSerializer.Serialize(JsonSerializer.Deserialize<Guest>(json, AgentJson.Options), AgentJson.Options) == json, "what a guest told passes through JSON unchanged");
        return items.IsEmpty ? "not an item" : "accepted";
    }
}
