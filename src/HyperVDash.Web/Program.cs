using HyperVDash.Web;
using HyperVDash.Web.Access;
using HyperVDash.Web.Fleet;
using Serilog;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Without it a build that runs outside Development answers 200 with no bytes for every css and script.
builder.WebHost.UseStaticWebAssets();

builder.Services.AddSerilog((services, log) => log.ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(services));
if (!builder.TryListen(out var options))
{
    return 1;
}

builder.Services
    .AddFleet(options)
    .AddDashboard();
builder.Host.AddSilo();

var app = builder.Build();

app.UseDashboardPipeline(options);
app.MapDashboard();
app.SayWhere();

await app.RunAsync();
return 0;
