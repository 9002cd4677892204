using System.Globalization;
using System.Text.Json;

namespace HyperVDash.Cim.Capture;

/// <summary>One answer on its way into a capture. Until it is completed or failed it is no part of the file, and one that is given up never becomes one.</summary>
public sealed class CaptureAnswer : IDisposable
{
    private const int ReportEvery = 500;

    private readonly CaptureWriter _writer;
    private readonly CimQuery _query;
    private readonly SpooledJson _rows;
    private readonly SortedDictionary<string, string> _types = new(StringComparer.OrdinalIgnoreCase);

    internal CaptureAnswer(CaptureWriter writer, CimQuery query, SpooledJson rows) => (_writer, _query, _rows) = (writer, query, rows);

    public void Add(CimRow row)
    {
        // The wire tells references and embedded instances from text, and nothing more.
        foreach (string name in row.Names)
        {
            if (CaptureJson.TypeOf(row[name]) is { } type)
            {
                _types[name] = type;
            }
        }

        _rows.Add(json => json.WriteRow(row, row.ClassName.Equals(_query.Class, StringComparison.OrdinalIgnoreCase) ? null : row.ClassName, _query.Namespace));
        if (_rows.Count % ReportEvery == 0)
        {
            _writer.Report(_query.Class, _rows, isWhole: false);
        }
    }

    /// <summary>The answer is whole.</summary>
    /// <param name="at">When the host had given it.</param>
    public async Task CompleteAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        _writer.Report(_query.Class, _rows, isWhole: true);
        await _writer.AppendAsync(json =>
        {
            WriteQuestion(json, at);
            if (_types.Count > 0)
            {
                json.WriteStartObject("types");
                foreach (var (name, type) in _types)
                {
                    json.WriteString(name, type);
                }

                json.WriteEndObject();
            }
        }, _rows, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The host answered with an error; rows that came before it are not kept.</summary>
    public Task FailAsync(CimException error, DateTimeOffset at, CancellationToken cancellationToken) => _writer.AppendAsync(json =>
    {
        WriteQuestion(json, at);
        json.WriteError(error);
    }, null, cancellationToken);

    private void WriteQuestion(Utf8JsonWriter json, DateTimeOffset at)
    {
        json.WriteString("namespace", _query.Namespace);
        json.WriteString("class", _query.Class);
        json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        if (!_query.Columns.IsEmpty)
        {
            json.WriteStartArray("properties");
            foreach (string column in _query.Columns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
        }

        json.WriteText("where", _query.Where);
    }

    public void Dispose() => _rows.Dispose();
}
