using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using HyperVDash.Lab.Commands;

namespace HyperVDash.Lab.Tests.Commands;

/// <summary>The lab as it is started from the command line.</summary>
public sealed class LabCommandTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "Network Adapter")]
    [InlineData("de", "Netzwerkkarte")]
    [InlineData("ja", "ネットワーク アダプター")]
    [InlineData("fr", "Carte réseau")]
    [InlineData("zh", "网络适配器")]
    public async Task An_estate_of_any_size_speaks_the_language_that_is_asked_for(string language, string adapter)
    {
        await using var lab = await StartAsync("--scenario", "estate", "--hosts", "3", "--language", language);

        Assert.Equal(["S01N1", "S01N2", "S01N3"], lab.Lines.Select(l => l.Split("  ")[0]));
        Assert.Contains($">{adapter}<", await lab.AskAsync("Msvm_SyntheticEthernetPortSettingData"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("No lab writes in the language 'tlh'. There are en, de, ja, fr, zh.", "--hosts", "2", "--language", "tlh")]
    [InlineData("There is no lab 'paradise'. There are demo, healthy, prerelease-2008, print-farm, old-clusters, odd-cases, print-odds, crowded, estate.", "--scenario", "paradise")]
    [InlineData("The fault 'HV99=refuse' names no host of the lab; there are HV01, ", "--fault", "HV99=refuse")]
    [InlineData("'HV03/root/cimv2=hang' is not a fault: a whole namespace can be denied and nothing else.", "--fault", "HV03/root/cimv2=hang")]
    public async Task A_mistake_in_the_options_is_a_sentence(string sentence, params string[] options)
    {
        await using var errors = new StringWriter();

        int code = await LabCommands.Root(TimeProvider.System, TextWriter.Null, errors).Parse(["serve", "--port", "0", .. options]).InvokeAsync(cancellationToken: Stop);

        Assert.Equal(1, code);
        Assert.StartsWith(sentence, errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_denied_is_denied_whole_and_its_neighbours_are_not()
    {
        await using var lab = await StartAsync("--hosts", "1", "--vms", "1", "--fault", "GEN001/root/virtualization/v2=denied");

        Assert.Contains("Access is denied", await lab.AskAsync("Msvm_ComputerSystem"), StringComparison.Ordinal);
        Assert.Contains("Access is denied", await lab.AskAsync("Msvm_VirtualSystemSettingData"), StringComparison.Ordinal);
        Assert.Contains("<p:Version>", await lab.AskAsync("Win32_OperatingSystem", "root/cimv2"), StringComparison.Ordinal);
    }

    private static async Task<Running> StartAsync(params string[] options)
    {
        var output = new Served();
        var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var run = LabCommands.Root(TimeProvider.System, output, TextWriter.Null).Parse(["serve", "--port", "0", "--frozen", .. options]).InvokeAsync(cancellationToken: end.Token);
        int hosts = int.Parse(options[Array.IndexOf(options, "--hosts") + 1], System.Globalization.CultureInfo.InvariantCulture);
        await output.WaitAsync(hosts).WaitAsync(Stop);
        return new Running(output.Lines, end, run);
    }

    private sealed record Running(IReadOnlyList<string> Lines, CancellationTokenSource End, Task<int> Run) : IAsyncDisposable
    {
        public async Task<string> AskAsync(string className, string cimNamespace = "root/virtualization/v2")
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, Lines[0].Split("  ")[1])
            {
                Content = new StringContent($"""
                    <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wmi/{cimNamespace}/{className}</w:ResourceURI><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate</a:Action><a:MessageID>uuid:C5D92E4B-3C34-4B53-A7A1-7C0D0B4E0001</a:MessageID></s:Header><s:Body><n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate></s:Body></s:Envelope>
                    """, Encoding.UTF8, "application/soap+xml"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("lab:lab"u8));
            using var answer = await http.SendAsync(request, Stop);
            return await answer.Content.ReadAsStringAsync(Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await End.CancelAsync();
            await Run;
            End.Dispose();
        }
    }

    private sealed class Served : StringWriter
    {
        private readonly SemaphoreSlim _written = new(0);

        public List<string> Lines { get; } = [];

        public override Task WriteLineAsync(string? value)
        {
            Lines.Add(value ?? "");
            _written.Release();
            return Task.CompletedTask;
        }

        public async Task WaitAsync(int lines)
        {
            for (int i = 0; i < lines; i++)
            {
                await _written.WaitAsync(Stop);
            }
        }
    }
}
