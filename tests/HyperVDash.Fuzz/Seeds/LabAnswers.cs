using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim;
using HyperVDash.Cim.Capture;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Generator;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Fuzz.Seeds;

/// <summary>What the Lab's hosts answer to the questions that the agent asks: an old one, a new one.</summary>
internal sealed record LabAnswers(IReadOnlyList<byte[]> Envelopes, IReadOnlyList<byte[]> KeyValues, IReadOnlyList<byte[]> DiskHeaders, IReadOnlyList<byte[]> Paths, IReadOnlyList<byte[]> Captures)
{
    // Small seeds are quick, and what is long in them is only more of the same.
    private const int MaxEnvelope = 12_000;
    private const int MaxTexts = 200;

    private static readonly SemaphoreSlim Gate = new(1);
    private static LabAnswers? _all;

    /// <summary>Recorded once in the life of the program.</summary>
    public static async Task<LabAnswers> OfAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _all ??= await RecordAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<LabAnswers> RecordAsync(CancellationToken cancellationToken)
    {
        var envelopes = new List<byte[]>();
        var texts = new HashSet<string>(StringComparer.Ordinal);
        var captures = new List<byte[]>();
        foreach (string release in (string[])["2008R2", "2022"])
        {
            var scenario = LabScenarios.Generate(new GeneratorOptions(1, 2, 3) { Release = release }, TimeProvider.System, isFrozen: true);
            await using var lab = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions(), TimeProvider.System, cancellationToken).ConfigureAwait(false);
            var target = new WsManTarget(lab.Addresses[0].Url) { User = "lab", Password = "lab", MaxElements = 3 };
            string file = Path.Combine(Path.GetTempPath(), $"hypervdash-seed-{Guid.NewGuid():N}.json");
            try
            {
                await RecordAsync(lab, target, file, texts, cancellationToken).ConfigureAwait(false);
                captures.AddRange(SmallCaptures.Of(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)));
            }
            finally
            {
                File.Delete(file);
            }

            envelopes.AddRange(await AskAsync(lab, target, cancellationToken).ConfigureAwait(false));
        }

        byte[][] Those(Func<string, bool> which) => [.. texts.Where(which).Order(StringComparer.Ordinal).Take(MaxTexts).Select(Encoding.UTF8.GetBytes)];
        bool IsItem(string text) => text.Contains("Msvm_KvpExchangeDataItem", StringComparison.Ordinal);
        bool IsInstance(string text) => text.Contains("<INSTANCE", StringComparison.Ordinal);
        return new LabAnswers(envelopes, Those(IsItem), Those(t => IsInstance(t) && !IsItem(t)), Those(t => !IsInstance(t) && CimPath.TryParse(t, out _)), captures);
    }

    private static async Task RecordAsync(LabServer lab, WsManTarget target, string file, HashSet<string> texts, CancellationToken cancellationToken)
    {
        await using var writer = new CaptureWriter(file, new CaptureHeader(lab.Addresses[0].Host) { CapturedAt = TimeProvider.System.GetUtcNow() });
        await using var collector = new HostCollector("SEED", "wsman", Origin.Lab, "SEED",
            () => new RecordingSession(new ListeningSession(new WsManSession(target, TimeProvider.System), texts), writer, TimeProvider.System), new CollectorOptions(), "t", TimeProvider.System);
        await collector.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Who listens, a method's answer, and the first batch of every class that the collector asked for: whole, cut to columns, and with the references to its instances.</summary>
    private static async Task<List<byte[]>> AskAsync(LabServer lab, WsManTarget target, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(30);
        var asked = lab.Log.All.Where(r => r.Class is not null).Select(r => (r.Namespace, r.Class!)).Distinct().ToList();
        List<WsManRequest> requests = [WsManRequest.Identify(), WsManRequest.Invoke(target, new CimCall("root/default", "StdRegProv", "EnumKey") { Arguments = [new("sSubKeyName", CimType.String, "SOFTWARE")] }, patience)];
        foreach (var (space, name) in asked)
        {
            requests.Add(WsManRequest.Enumerate(target, new(space, name), patience));
            requests.Add(WsManRequest.Enumerate(target, new(space, name) { Columns = ["Name", "InstanceID"] }, patience));
        }

        var answers = new List<byte[]>();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("lab:lab"u8));
        foreach (var request in requests)
        {
            answers.Add(await PostAsync(client, target, request.Body.ToArray(), cancellationToken).ConfigureAwait(false));
        }

        string both = Encoding.UTF8.GetString(requests[2].Body.Span).Replace("</n:Enumerate>", "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode></n:Enumerate>", StringComparison.Ordinal);
        answers.Add(await PostAsync(client, target, Encoding.UTF8.GetBytes(both), cancellationToken).ConfigureAwait(false));

        // One of a shape is enough: the same element names in the same order are the same to a reader.
        return [.. answers.Where(a => a.Length is > 0 and <= MaxEnvelope).DistinctBy(Shape).Take(MaxTexts)];
    }

    private static async Task<byte[]> PostAsync(HttpClient client, WsManTarget target, byte[] request, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(WsManChannel.SoapType);
        using var response = await client.PostAsync(target.Url, content, cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Shape(byte[] envelope)
    {
        var names = new StringBuilder();
        using var reader = XmlReader.Create(new MemoryStream(envelope));
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                names.Append(reader.LocalName).Append(' ');
            }
        }

        return names.ToString();
    }
}
